/** The id under which an answer says it can be taken back. @throws Error when it says none */
export function undoOf({ data, text }: { data: Record<string, unknown>; text: string }): string {
  const id = data['undo'] ?? /^undo (u\d+)\b/m.exec(text)?.[1];
  if (typeof id !== 'string') throw new Error(`it does not say how it is taken back: ${text}`);
  return id;
}
