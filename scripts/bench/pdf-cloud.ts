import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { book, bookNames } from './pdf-book.ts';

/** The embedded Nextcloud in a process of its own, with the books of the benchmark. */
const cloud = await startEmbeddedNextcloud();
for (const name of bookNames) cloud.home().put(`/${name}.pdf`, book(name));
process.send?.(cloud.url);
