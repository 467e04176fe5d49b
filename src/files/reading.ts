import { AppError } from '../errors.ts';
import type { Encoding } from '../extract/encoding.ts';
import type { Resource } from '../nextcloud/resource.ts';
import type { RemotePath } from '../path.ts';
import { fileSize } from './amount.ts';
import { glance, notAFile } from './service.ts';
import type { Call, Service } from './service.ts';
import { Binary, readText } from './text.ts';

export interface ReadOptions {
  readonly offset: number;
  readonly limit: number;
}

/** What came of reading a file: the server's own words apart from what stood in the file. */
export interface Reading {
  /** One line: path, type, size, which part this is. */
  readonly header: string;
  /** What stood in the file. */
  readonly body?: string;
  /** How to read on, and what was left out. */
  readonly notes: readonly string[];
}

/** A part of a file as text, and where it stands in the whole. */
export async function read(
  service: Service,
  path: RemotePath,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  service.fence.allowReading(path);
  const file = await glance(service, path, call);
  if (file.folder) throw notAFile(path);
  try {
    return await textReading(service, file, options, call);
  } catch (error) {
    if (error instanceof Binary) throw notText(file);
    throw error;
  }
}

async function textReading(
  service: Service,
  file: Resource,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  const { lines, first, total, encoding, cutLines, next } = await readText(service, file, options, call);
  const last = first + lines.length - 1;
  const of = total === undefined ? 'more' : total.toLocaleString('en');
  const part =
    lines.length === 0
      ? 'empty'
      : first < 0
        ? `lines ${first} to ${last}, counted from the end`
        : `lines ${first} to ${last} of ${of}`;
  const notes = [
    ...(next === undefined ? [] : [`There is more: go on with offset=${next}.`]),
    ...(cutLines > 0 ? [`${cutLines} long lines are cut. read_file_bytes gives them whole.`] : []),
  ];
  return {
    header: `${file.path} | ${file.mime ?? 'text'} | ${fileSize(file.size ?? 0)} | ${inWords(encoding)} | ${part}`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes,
  };
}

function inWords({ encoding, bom, lineEnd }: Encoding): string {
  const mark = bom > 0 ? ' with BOM' : '';
  return `${encoding.toUpperCase()}${mark}${lineEnd === 'none' || lineEnd === 'LF' ? '' : `, ${lineEnd} line ends`}`;
}

function notText(file: Resource): AppError {
  return new AppError(
    'invalid_input',
    `${file.path} is not a text (${file.mime ?? 'unknown type'}, ${fileSize(file.size ?? 0)})`,
    {
      hint: 'download_file stores it on this computer, read_file_bytes gives its bytes.',
    },
  );
}
