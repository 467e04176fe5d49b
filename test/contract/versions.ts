/** `node test/contract/versions.ts` writes `versions.md` from the cases. */
import { writeFileSync } from 'node:fs';
import { contractCases } from './cases.ts';

export const versionsFile = new URL('versions.md', import.meta.url);

/** What differs between the releases, as the cases say it and check it. */
export function versionsPage(): string {
  const rows = new Map<string, string>();
  for (const { area, versions } of contractCases)
    if (versions !== undefined && !rows.has(versions)) rows.set(versions, area);
  const lines = [...rows].map(([text, area]) => `| ${area} | ${text} |`);
  return `# What differs between releases of Nextcloud

Seen on 34.0.1, 29.0.1 and 28.0.2 with the contract suite, which checks each line; everything else in it holds on all of
them. The embedded cloud plays these and 30, for which there was no server to look at: what it does as 30 is taken from
its neighbours. Written by \`node test/contract/versions.ts\`.

| subject | difference |
| --- | --- |
${lines.join('\n')}
`;
}

if (import.meta.main) writeFileSync(versionsFile, versionsPage());
