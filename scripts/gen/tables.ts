import { options } from '../../src/config/options.ts';
import type { Option } from '../../src/config/options.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import { toolsets } from '../../src/tools/toolsets.ts';

const effects = { read: 'reads', write: 'writes', destroy: 'can replace or delete' } as const;

const WIDTH = 120;

/** One item for each toolset, for the README. */
export function toolsetList(): string {
  return toolsets
    .map(({ name, summary }) => {
      const names = catalogue.filter(({ toolset }) => toolset === name).map((tool) => `\`${tool.name}\``);
      return wrappedItem(`- **${summary}** (\`${name}\`): ${names.join(', ')}`);
    })
    .join('\n');
}

function wrappedItem(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

export function toolTable(): string {
  return toolsets
    .map(({ name, summary }) => {
      const rows = catalogue
        .filter(({ toolset }) => toolset === name)
        .map((tool) => {
          const parameters = Object.keys(tool.schema.shape).map((parameter) => `\`${parameter}\``);
          return `| \`${tool.name}\` | ${effects[tool.effect]} | ${tool.summary} | ${parameters.join(' ')} |`;
        });
      return [
        `## ${summary}: \`${name}\``,
        '',
        '| tool | | what it does | parameters |',
        '|---|---|---|---|',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

/** The settings that apply always, or those for HTTP. */
export function optionTable(http: boolean): string {
  const shown = options.filter((option: Option) => !option.advanced && (option.http ?? false) === http);
  const rows = shown.map((option: Option) => {
    const fallback = option.fallbackText ?? (option.fallback === undefined ? '' : `\`${option.fallback}\``);
    return `| \`${option.env}\` | ${fallback} | ${option.help} | \`${option.example}\` |`;
  });
  return ['| variable | default | meaning | example |', '|---|---|---|---|', ...rows].join('\n');
}
