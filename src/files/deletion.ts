import { isAppError } from '../errors.ts';
import { pause } from '../nextcloud/pause.ts';
import { baseName } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { glance, missing, refuseHidden, settle, statIfThere, verbs } from './service.ts';
import type { Call, Service } from './service.ts';

export interface Deleted extends Entry {
  readonly deleted: true;
  readonly undo: string;
}

/** Deletes into the trash. */
export async function remove(service: Service, path: RemotePath, call: Call): Promise<Deleted> {
  const { fence, memory, account } = service;
  fence.allowTaking(path);
  if (fence.hidesInside) await refuseHidden(service, path, call);
  const resource = await glance(service, path, call);
  const { remove: removeIt } = await verbs();
  await keepApart(service, baseName(path), call.signal);
  try {
    await settle(
      async () => {
        await removeIt(account, path, call);
        return resource;
      },
      async () => {
        const there = await statIfThere(service, path, call);
        return there && there.fileId === resource.fileId ? undefined : resource;
      },
      call,
    );
  } catch (error) {
    throw isAppError(error, 'not_found') ? missing(path, error) : error;
  } finally {
    memory.changed(path);
  }
  return {
    ...toEntry(resource),
    deleted: true,
    undo: 'It is in the trash: open "Deleted files" in Nextcloud and choose Restore.',
  };
}

// Nextcloud names what is in the trash by name and second: of two equal ones the first is lost for good.
async function keepApart({ memory }: Service, name: string, signal: AbortSignal | undefined): Promise<void> {
  const last = memory.deletions.get(name);
  const start = Math.max(Date.now(), last === undefined ? 0 : (last + 1) * 1000);
  memory.deletions.set(name, Math.floor(start / 1000));
  if (start > Date.now()) await pause(start - Date.now(), signal);
}
