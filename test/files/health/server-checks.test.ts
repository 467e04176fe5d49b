import { expect, test } from 'vitest';
import { judge } from '../../../src/app/route-checks.ts';
import {
  checkThrottle,
  checkChunks,
  checkClock,
  checkEncryption,
  checkSpace,
  checkSpeed,
  checkSupport,
} from '../../../src/files/health/server-checks.ts';

const day = Date.parse('2026-06-01');
const certificate = {
  trusted: true,
  protocol: 'TLSv1.3',
  issuer: 'Authority',
  chainLength: 2,
  validTo: new Date('2026-06-05'),
};
const network = (verifySsl: boolean): Parameters<typeof judge>[1] => ({ network: { verifySsl } as never });

/** State of a check: wrong, right, or right with advice. */
const state = (check: { ok: boolean; fix?: string } | undefined): string | undefined =>
  check && (check.ok ? (check.fix === undefined ? 'right' : 'advice') : 'wrong');

test.each<[string, Parameters<typeof state>[0], string | undefined]>([
  ['a release that nobody tested', checkSupport('27.1.0', day), 'wrong'],
  ['a release without security fixes', checkSupport('31.0.14', day), 'advice'],
  ['a release that is kept', checkSupport('32.0.3', day), 'right'],
  ['the same some months later', checkSupport('32.0.3', Date.parse('2026-11-01')), 'advice'],
  ['a release of the future', checkSupport('40.0.0', day), 'right'],
  ['a fast answer', checkSpeed(40), 'right'],
  ['a slow answer', checkSpeed(4000), 'advice'],
  ['space without a limit', checkSpace(undefined), 'right'],
  ['a nearly full cloud', checkSpace(1024), 'advice'],
  ['clocks that agree', checkClock(-900), 'right'],
  ['a clock that is behind', checkClock(-3_600_000), 'advice'],
  ['no brake', checkThrottle({ delay: 0 }), 'right'],
  ['a brake', checkThrottle({ delay: 12_800 }), 'advice'],
  ['a server that does not tell of its brake', checkThrottle({}), undefined],
  ['pieces', checkChunks({ chunked_upload: { max_size: 104_857_600 } }, { chunking: '1.0' }), 'right'],
  ['no pieces', checkChunks({}, {}), 'advice'],
  ['encryption', checkEncryption('https://cloud.example.com'), 'right'],
  ['no encryption', checkEncryption('http://cloud.example.com'), 'wrong'],
  [
    'no encryption to a host that only looks like this computer',
    checkEncryption('http://localhost.example.com'),
    'wrong',
  ],
  ['no encryption on this computer', checkEncryption('http://[::1]:8080'), 'right'],
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
