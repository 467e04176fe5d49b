/** The target in the code of a field, as Word and RTF write it: HYPERLINK "https://..." */
export function hyperlink(code: string): string | undefined {
  return /^\s*HYPERLINK\s+"([^"]+)"/i.exec(code)?.[1];
}
