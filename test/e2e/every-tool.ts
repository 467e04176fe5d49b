import { catalogue } from '../../src/tools/catalogue.ts';
import { oneCallEach } from '../faults/cases.ts';

const inFiles = new Set<string>(
  catalogue.filter(({ toolset }) => toolset === 'files').map(({ name }) => name),
);

/** One call of each tool of the toolset `files`, which a server has unless more is asked for. */
export const everyTool = oneCallEach.filter(([tool]) => inFiles.has(tool));

/** Those of them that ask the Nextcloud something. */
export const askingTools = everyTool.filter(([tool]) => !['transfer_status', 'undo'].includes(tool));
