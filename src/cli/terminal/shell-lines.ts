/** Lines that set variables in the shell that is usual on the platform, to paste into a terminal. */
export function exportLines(
  platform: NodeJS.Platform,
  variables: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(variables).map(([name, value]) =>
    platform === 'win32'
      ? `$env:${name} = '${value.replaceAll("'", "''")}'`
      : `export ${name}=${shellQuoted(value)}`,
  );
}

/** A word for a POSIX shell, in quotes where it needs them. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
