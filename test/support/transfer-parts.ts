import { createLog } from '../../src/log.ts';
import { Journal } from '../../src/files/journal.ts';
import { Lanes } from '../../src/files/lanes.ts';
import type { Service } from '../../src/files/service.ts';
import { Stamps } from '../../src/files/stamps.ts';
import { Transfers } from '../../src/files/transfers.ts';
import type { Account } from '../../src/nextcloud/account.ts';
import { readCapabilities } from '../../src/nextcloud/capabilities.ts';

type Parts = Pick<Service, 'journal' | 'transfers' | 'lanes' | 'stamps' | 'capabilities'>;

/** What transfers need of a service that a test puts together by itself. */
export function transferParts(account: Account, stateFolder: string): Parts {
  return {
    journal: new Journal(stateFolder, createLog('silent')),
    transfers: new Transfers(Infinity),
    lanes: new Lanes(4),
    stamps: new Stamps(),
    capabilities: async ({ signal }) => readCapabilities(account, signal),
  };
}
