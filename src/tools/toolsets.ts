import type { ServerFeature } from '../files/context/features.ts';

interface Toolset {
  readonly name: string;
  readonly summary: string;
  /** What the server must have for it; the tools are not listed where it does not. */
  readonly needs?: ServerFeature;
}

/** The groups of tools that a person can turn on, in the order in which they are shown. A tool names its own. */
export const toolsets = [
  { name: 'files', summary: 'Files and folders' },
  { name: 'trash', summary: 'Trash', needs: 'trash' },
  { name: 'versions', summary: 'File versions', needs: 'versions' },
  { name: 'tags', summary: 'Tags and favorites', needs: 'tags' },
  { name: 'comments', summary: 'Comments', needs: 'comments' },
  { name: 'links', summary: 'Temporary download links' },
  { name: 'sharing', summary: 'Sharing', needs: 'sharing' },
] as const satisfies readonly Toolset[];

export type ToolsetName = (typeof toolsets)[number]['name'];

/** What the server must have for the tools of a toolset. */
export function needOf(toolset: ToolsetName): ServerFeature | undefined {
  const found: Toolset | undefined = toolsets.find(({ name }) => name === toolset);
  return found?.needs;
}
