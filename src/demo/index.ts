/** The embedded Nextcloud: shipped with the product, used by `demo` and by the tests. */
export { startDemo } from './cloud.ts';
export type { DemoCloud } from './cloud.ts';
export { DemoFolder } from './demo-folder.ts';
export type { DemoEntry, DemoFileOptions } from './demo-folder.ts';
export type { DemoOptions, DemoUser, DemoVersion } from './options.ts';
export type { RequestRecord } from './http/record.ts';
export { bytes, joined, zeros } from './store/content.ts';
export type { Content as VirtualContent } from './store/content.ts';
export { lines } from './seed/lines.ts';
export { seed } from './seed/seed.ts';
