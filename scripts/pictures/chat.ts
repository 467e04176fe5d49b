import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { escaped } from './terminal.ts';

/** One call of a tool, as it was made, and the answer of the server. */
interface Exchange {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const question =
  'What is the notice period of my flat, and what did I pay the Stadtwerke in the last three years? Put it into a note.';

/**
 * A chat in which the calls and their results are those of the server. The words of the assistant are an example, and
 * their facts are read out of the results.
 */
export async function chatPage(main: string, env: Readonly<Record<string, string>>): Promise<string> {
  const client = new Client({ name: 'pictures', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [main], env: { ...env } }),
  );
  const made: Exchange[] = [];
  const call = async (tool: string, args: Exchange['args']): Promise<string> => {
    const { content, isError } = await client.callTool({ name: tool, arguments: { ...args } });
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    if (isError === true) throw new Error(text);
    made.push({ tool, args, text });
    return text;
  };
  try {
    const agreement = '/Documents/Rental agreement.pdf';
    await call('search_files', { query: 'rental agreement' });
    const contract = await call('read_file', { file_path: agreement });
    const notice = found(/Notice may be given (to [^.\n]*)\./, contract);
    const list = await call('search_files', {
      query: '*Stadtwerke.pdf',
      folder_path: '/Invoices',
      sort_by: 'name',
    });
    const invoices = [...list.matchAll(/^(\/Invoices\/(\d{4})\/\S+ Stadtwerke\.pdf)/gm)];
    const rows: (readonly [year: string, amount: string])[] = [];
    for (const [, path = '', year = ''] of invoices)
      rows.push([year, found(/Total: ([\d.]+) EUR/, await call('read_file', { file_path: path }))]);
    const sum = rows.reduce((total, [, amount]) => total + Number(amount), 0).toFixed(2);
    const note = `# Flat\n\n- Notice: ${notice}\n${rows.map(([year, amount]) => `- Stadtwerke ${year}: ${amount} EUR\n`).join('')}`;
    await call('upload_file', { remote_path: '/Notes/Flat.md', content: note });
    return page(made, [
      `You can give notice <b>${escaped(notice)}</b> (clause 4 of the rental agreement).`,
      `You paid the Stadtwerke <b>${sum} EUR</b>: ${rows.map(([year, amount]) => `${amount} EUR in ${year}`).join(', ')}.`,
      'I have stored this as <code>/Notes/Flat.md</code>. Nothing was replaced.',
    ]);
  } finally {
    await client.close();
  }
}

function found(pattern: RegExp, text: string): string {
  const [, value] = pattern.exec(text) ?? [];
  if (value === undefined) throw new Error(`${pattern} is not in ${text}`);
  return value;
}

function page(made: readonly Exchange[], answer: readonly string[]): string {
  const calls = grouped(made).map(
    ({ tool, args, times, text }) =>
      `<div class="call"><b>${tool}</b> <span>${escaped(args)}</span>${times > 1 ? ` <i>and ${times - 1} more</i>` : ''}<pre>${escaped(text)}</pre></div>`,
  );
  return `<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #f4f1ec; font: 16px/1.5 'DejaVu Sans', sans-serif; color: #222 }
main { padding: 28px 32px; width: 800px; box-sizing: border-box }
.me { margin: 0 0 18px 130px; padding: 12px 16px; background: #0082c9; color: #fff; border-radius: 14px 14px 2px 14px }
.call { margin: 0 0 8px; padding: 8px 14px; background: #fff; border: 1px solid #ddd6ca; border-radius: 8px; font-size: 12.5px }
.call b { color: #0062a0; font-family: 'DejaVu Sans Mono', monospace } .call span, .call i { color: #777 }
.call pre { margin: 4px 0 0; font: 11.5px/1.4 'DejaVu Sans Mono', monospace; color: #555; white-space: pre-wrap }
.it { margin: 16px 60px 0 0; padding: 12px 18px; background: #fff; border-radius: 14px 14px 14px 2px; box-shadow: 0 1px 4px #0002 }
.it p { margin: 0 0 6px } code { background: #eee; padding: 1px 5px; border-radius: 4px; font-size: 14px }
</style><main><div class="me">${escaped(question)}</div>${calls.join('')}<div class="it">${answer.map((line) => `<p>${line}</p>`).join('')}</div></main>`;
}

/** Calls of the same tool in a row are one box, with the beginning of the first answer. */
function grouped(made: readonly Exchange[]): { tool: string; args: string; times: number; text: string }[] {
  const boxes: { tool: string; args: string; times: number; text: string }[] = [];
  for (const { tool, args, text } of made) {
    const last = boxes.at(-1);
    if (last?.tool === tool) last.times++;
    else boxes.push({ tool, args: short(args), times: 1, text: beginning(tool, text) });
  }
  return boxes;
}

function short(args: Exchange['args']): string {
  const text = Object.entries(args)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
}

/** What matters of an answer, in a few lines. */
function beginning(tool: string, text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => !/^(<<<|\w+>>>|etag|file_id|checksum|name|path|type)/.test(line));
  const telling = { read_file: / \| |Notice|Total/, upload_file: /^(Created|undo)/ }[tool];
  const wanted = telling ? lines.filter((line) => telling.test(line)) : lines;
  return wanted
    .map((line) => line.replace(/ \| etag [^|]*/, ''))
    .slice(0, 4)
    .join('\n');
}
