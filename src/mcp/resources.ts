import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { McpServer, ReadResourceResult } from '@modelcontextprotocol/server';
import { AppError } from '../errors.ts';
import { knownError } from './known-error.ts';
import type { Session } from './session.ts';
import { errorMessage, resourceContents } from './text-content.ts';
import { shownReading } from '../tools/render/reading.ts';
import { parsePath, parentOf } from '../path.ts';
import { resolveLink } from '../files/context/link.ts';
import { fileInfo } from '../files/list/file-info.ts';
import { listFolder } from '../files/list/list.ts';

/** The file tree as MCP resources: `nextcloud://Documents/letter.md`, with completion of names. */
export function addResources(server: McpServer, session: Session): void {
  const template = new ResourceTemplate('nextcloud://{+path}', {
    list: undefined,
    complete: {
      path: async (value) => completePath(session, value),
    },
  });
  server.registerResource(
    'file',
    template,
    { title: 'File in the Nextcloud', description: 'A text file, or the listing of a folder.' },
    async (uri, _variables, { mcpReq: { signal } }) =>
      metered(session, 'read a resource', async () => read(session, uri.href, signal), uri.href),
  );
}

/** Resources count among the calls, so that the limits of the HTTP server include them. */
async function metered<T>(
  { meter, log }: Session,
  name: string,
  work: () => Promise<T>,
  uri?: string,
): Promise<T> {
  const ended = meter.call(name);
  let outcome = 'ok';
  try {
    return await work();
  } catch (error) {
    const known = knownError(error, log);
    outcome = known.code;
    throw protocolError(known, uri);
  } finally {
    ended(outcome);
  }
}

function protocolError(error: AppError, uri: string | undefined): ProtocolError {
  const message = errorMessage(error);
  if (error.code === 'not_found' && uri !== undefined) return new ResourceNotFoundError(uri, message);
  const { InternalError, InvalidParams } = ProtocolErrorCode;
  return new ProtocolError(error.code === 'invalid_input' ? InvalidParams : InternalError, message);
}

async function read(session: Session, uri: string, signal: AbortSignal): Promise<ReadResourceResult> {
  if (session.unusable) throw session.unusable;
  const { workspace } = session;
  const path = parsePath(await resolveLink(workspace, uri, { signal }));
  const info = await fileInfo(workspace, path, { signal });
  if (info.type === 'directory') {
    const page = await listFolder(workspace, path, wholeFolder, { signal });
    return resourceContents({ uri, mimeType: 'application/json' }, { body: JSON.stringify(page), notes: [] });
  }
  const { readFile } = await import('../files/read/read-file.ts');
  const options = { offset: 1, limit: 100_000, as: 'auto' } as const;
  const reading = shownReading(await readFile(workspace, path, options, { signal }));
  return resourceContents({ uri, mimeType: info.mime_type ?? 'text/plain' }, reading);
}

const wholeFolder = { depth: 1, type: 'all', sortBy: 'name', order: 'asc', limit: 1000 } as const;
const MAX_COMPLETIONS = 100;

interface Wanted {
  /** Folders alone are offered. */
  readonly folders?: boolean;
}

/** The paths that begin with what was typed. */
export async function completePath(session: Session, value: string, wanted: Wanted = {}): Promise<string[]> {
  return metered(session, 'complete a path', async () => complete(session, value, wanted));
}

// A client asks while the person types: an unfinished or wrong path has no completions, and no error.
async function complete(session: Session, value: string, { folders = false }: Wanted): Promise<string[]> {
  if (session.unusable) return [];
  try {
    const typed = value.startsWith('/') ? value : `/${value}`;
    const folder = typed.endsWith('/') ? parsePath(typed) : parentOf(parsePath(typed));
    const options = { ...wholeFolder, type: folders ? 'directory' : 'all' } as const;
    const { entries } = await listFolder(session.workspace, folder, options, {});
    return entries
      .map(({ path, type }) => (type === 'directory' ? `${path}/` : path))
      .filter((path) => path.toLowerCase().startsWith(typed.toLowerCase()))
      .slice(0, MAX_COMPLETIONS)
      .map((path) => (value.startsWith('/') ? path : path.slice(1)));
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
