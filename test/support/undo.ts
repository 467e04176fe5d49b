/** The calls that an answer says take it back, in order. */
export function stepsOf(undo: string): { tool: string; args: Record<string, unknown> }[] {
  return [...undo.matchAll(/\b([a-z]+(?:_[a-z]+)+) (\{.*?\})(?=,| \(|$)/g)].map(
    ([, tool = '', args = '{}']) => ({
      tool,
      args: JSON.parse(args) as Record<string, unknown>,
    }),
  );
}

/** What the answers of a tool say, one for each thing that was changed. */
export function undosOf({ data, text }: { data: Record<string, unknown>; text: string }): string[] {
  const items = (data['items'] ?? [data]) as { undo?: string }[];
  const found = items.flatMap(({ undo }) => undo ?? []);
  return found.length > 0 ? found : [/^Undo: (.*)$/m.exec(text)?.[1] ?? ''];
}
