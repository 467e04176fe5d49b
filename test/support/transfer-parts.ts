import { createLog } from '../../src/log.ts';
import { Journal } from '../../src/files/journal/journal.ts';
import { TransferSlots } from '../../src/files/write/transfer-slots.ts';
import type { Service } from '../../src/files/context/service.ts';
import { MtimeAllocator } from '../../src/files/write/mtime-allocator.ts';
import { Transfers } from '../../src/files/transfer/transfers.ts';
import type { Account } from '../../src/nextcloud/account.ts';
import { readCapabilities } from '../../src/nextcloud/apps/capabilities.ts';

type Parts = Pick<Service, 'journal' | 'transfers' | 'slots' | 'mtimes' | 'capabilities'>;

/** What transfers need of a service that a test puts together by itself. */
export function transferParts(account: Account, stateFolder: string): Parts {
  return {
    journal: new Journal(stateFolder, createLog('silent')),
    transfers: new Transfers(Infinity),
    slots: new TransferSlots(4),
    mtimes: new MtimeAllocator(),
    capabilities: async ({ signal }) => readCapabilities(account, signal),
  };
}
