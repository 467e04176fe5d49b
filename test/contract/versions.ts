import { contractCases } from './cases.ts';

/** What differs between releases of Nextcloud, as the contract's cases say it and check it. */
export function versionTable(): string {
  const rows = new Map<string, string>();
  for (const { area, versions } of contractCases)
    if (versions !== undefined && !rows.has(versions)) rows.set(versions, area);
  return [
    '| subject | difference |',
    '| --- | --- |',
    ...[...rows].map(([text, area]) => `| ${area} | ${text} |`),
  ].join('\n');
}
