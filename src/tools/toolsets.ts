import * as change from './change.ts';
import { withoutLocal } from './define.ts';
import type { Need } from '../files/files.ts';
import type { Tool } from './define.ts';
import * as labels from './labels.ts';
import * as look from './look.ts';
import * as read from './read.ts';
import * as sharing from './sharing.ts';
import * as trash from './trash.ts';
import * as versions from './versions.ts';
import * as transfer from './transfer.ts';

export interface Toolset {
  readonly name: string;
  readonly summary: string;
  readonly tools: readonly Tool[];
  /** What the server must have for it; the tools are not listed where it does not. */
  readonly needs?: Need;
}

/** Every tool stands in exactly one toolset, in the order in which it is shown. */
export const toolsets: readonly Toolset[] = [
  {
    name: 'files',
    summary: 'Files and folders',
    tools: [
      look.testConnection,
      look.listFiles,
      look.getFileInfo,
      read.readFile,
      read.readFileBytes,
      look.searchFiles,
      look.searchFileContents,
      change.uploadFile,
      change.editFile,
      change.createFolder,
      change.moveFile,
      change.copyFile,
      change.deleteFile,
      transfer.downloadFile,
      transfer.transferStatus,
    ],
  },
  {
    name: 'trash',
    summary: 'What was deleted',
    needs: 'trash',
    tools: [trash.listTrash, trash.restoreFromTrash],
  },
  {
    name: 'versions',
    summary: 'Older contents of files',
    needs: 'versions',
    tools: [versions.listVersions, versions.readVersion, versions.restoreVersion],
  },
  {
    name: 'tags',
    summary: 'Tags and favorites',
    needs: 'tags',
    tools: [labels.listTags, labels.setTags, labels.setFavorite],
  },
  {
    name: 'comments',
    summary: 'Comments',
    needs: 'comments',
    tools: [labels.listComments, labels.addComment],
  },
  { name: 'links', summary: 'Download links', tools: [sharing.getDownloadLink] },
  {
    name: 'sharing',
    summary: 'Sharing',
    needs: 'sharing',
    tools: [sharing.listShares, sharing.createShare, sharing.updateShare, sharing.deleteShare],
  },
];

/** Tools that only some servers have, and what those need. */
export function needsOf(tool: Tool): Need | undefined {
  return toolsets.find(({ tools }) => tools.includes(tool))?.needs;
}

export interface Surface {
  readonly toolsets: readonly string[];
  readonly readOnly: boolean;
  /** The process runs on the person's own computer. */
  readonly local: boolean;
}

/** The tools on offer. What is not allowed is not listed, rather than refused when called. */
export function select({ toolsets: wanted, readOnly, local }: Surface): Tool[] {
  return toolsets
    .filter((toolset) => wanted.includes('all') || wanted.includes(toolset.name))
    .flatMap((toolset) => toolset.tools)
    .filter(
      (tool) =>
        (!readOnly || tool.effect === 'read' || tool.name === 'download_file') && (local || !tool.local),
    )
    .map((tool) => (local ? tool : withoutLocal(tool)));
}

/** What one caller asks for: never more than the process was started with. */
export interface Narrowing {
  readonly toolsets?: readonly string[] | undefined;
  readonly readOnly?: boolean | undefined;
}

/** The surface within both; toolsets that are not on offer are left out. */
export function narrow(surface: Surface, { toolsets: asked, readOnly = false }: Narrowing): Surface {
  const offered = toolsets
    .map(({ name }) => name)
    .filter((name) => surface.toolsets.includes('all') || surface.toolsets.includes(name));
  return {
    toolsets: asked && !asked.includes('all') ? offered.filter((name) => asked.includes(name)) : offered,
    readOnly: surface.readOnly || readOnly,
    local: surface.local,
  };
}
