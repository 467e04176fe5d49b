import { expect, test } from 'vitest';
import { judge } from '../../src/app/route-checks.ts';
import { brake, chunks, clock, encryption, space, speed, support } from '../../src/files/server-checks.ts';

const day = Date.parse('2026-06-01');
const certificate = {
  trusted: true,
  protocol: 'TLSv1.3',
  issuer: 'Authority',
  length: 2,
  validTo: new Date('2026-06-05'),
};
const network = (verifySsl: boolean): Parameters<typeof judge>[1] => ({ network: { verifySsl } as never });

/** State of a check: wrong, right, or right with advice. */
const state = (check: { ok: boolean; fix?: string } | undefined): string | undefined =>
  check && (check.ok ? (check.fix === undefined ? 'right' : 'advice') : 'wrong');

test.each<[string, Parameters<typeof state>[0], string | undefined]>([
  ['a release that nobody tested', support('27.1.0', day), 'wrong'],
  ['a release without security fixes', support('31.0.14', day), 'advice'],
  ['a release that is kept', support('32.0.3', day), 'right'],
  ['the same some months later', support('32.0.3', Date.parse('2026-11-01')), 'advice'],
  ['a release of the future', support('40.0.0', day), 'right'],
  ['a fast answer', speed(40), 'right'],
  ['a slow answer', speed(4000), 'advice'],
  ['space without a limit', space(undefined), 'right'],
  ['a nearly full cloud', space(1024), 'advice'],
  ['clocks that agree', clock(-900), 'right'],
  ['a clock that is behind', clock(-3_600_000), 'advice'],
  ['no brake', brake({ delay: 0 }), 'right'],
  ['a brake', brake({ delay: 12_800 }), 'advice'],
  ['a server that does not tell of its brake', brake({}), undefined],
  ['pieces', chunks({ chunked_upload: { max_size: 104_857_600 } }, { chunking: '1.0' }), 'right'],
  ['no pieces', chunks({}, {}), 'advice'],
  ['encryption', encryption('https://cloud.example.com'), 'right'],
  ['no encryption', encryption('http://cloud.example.com'), 'wrong'],
  [
    'no encryption to a host that only looks like this computer',
    encryption('http://localhost.example.com'),
    'wrong',
  ],
  ['no encryption on this computer', encryption('http://[::1]:8080'), 'right'],
  ['a certificate in its last week', judge(certificate, network(true), day), 'advice'],
  ['the same a month before', judge(certificate, network(true), Date.parse('2026-05-01')), 'right'],
  [
    'a trusted one that is not looked at',
    judge(certificate, network(false), Date.parse('2026-05-01')),
    'advice',
  ],
  [
    'one that has ended',
    judge({ ...certificate, trusted: false, problem: 'CERT_HAS_EXPIRED' }, network(true), day),
    'wrong',
  ],
])('%s', (_what, check, wanted) => {
  expect(state(check)).toBe(wanted);
});
