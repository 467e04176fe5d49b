import type { StageOptions } from '../support/stage.ts';
import { changeCases } from './cases/change.ts';
import { hostileCases } from './cases/hostile.ts';
import { lookCases } from './cases/look.ts';
import { nameCases } from './cases/names.ts';
import { suite } from './suite.ts';

/** Installs that differ from the usual one; the client has to find out by itself. */
const installs: readonly (readonly [title: string, cloud: NonNullable<StageOptions['cloud']>])[] = [
  ['below a sub-path', { basePath: '/nextcloud' }],
  [
    'a login name that is not the user id',
    { users: [{ id: 'u-4711', login: 'alice@example.com', password: 'pw-4711-x' }] },
  ],
  [
    'a user id with a blank, an at sign and an umlaut',
    { users: [{ id: 'jörg b@example.com', password: 'pw-jb-x' }] },
  ],
  ['version 30', { version: '30.0.0' }],
  ['version 29', { version: '29.0.1' }],
  ['version 28', { version: '28.0.2' }],
  [
    'version 28 with a login name that is not the user id, below a sub-path',
    {
      version: '28.0.2',
      basePath: '/a/b',
      users: [{ id: 'Ü 1', login: 'alice@example.com', password: 'pw-u1-x' }],
    },
  ],
  ['etags that Apache changes', { gzipEtags: true }],
];

const odd = [...nameCases, ...hostileCases].filter(({ name }) =>
  /all of them|umlauts|called as the user|a b\.txt|server forbids/.test(name),
);

for (const [title, cloud] of installs)
  suite(title, { cloud, client: 'legacy' }, [...lookCases, ...changeCases, ...odd]);
