/** The target of a field code, as Word and RTF write it: `HYPERLINK "https://..."`. */
export function hyperlinkTarget(code: string): string | undefined {
  return /^\s*HYPERLINK\s+"([^"]+)"/i.exec(code)?.[1];
}

/** The complex fields (`w:fldChar`) that are open at one point of a Word document. Fields can be nested. */
export class FieldStack {
  #fields: { code: string; inResult: boolean }[] = [];

  /** Handles a field character: `begin`, then the code, `separate`, then the result, `end`. */
  mark(type: string | undefined): void {
    const field = this.#fields.at(-1);
    if (type === 'begin') this.#fields.push({ code: '', inResult: false });
    else if (type === 'separate' && field) field.inResult = true;
    else if (type === 'end') this.#fields.pop();
  }

  addCode(text: string): void {
    const field = this.#fields.at(-1);
    if (field) field.code += text;
  }

  /** The target of the hyperlink whose result is being written. */
  get href(): string | undefined {
    const field = this.#fields.findLast(({ inResult }) => inResult);
    return field && hyperlinkTarget(field.code);
  }
}
