import { startDemo } from '../../src/demo/index.ts';

/** The embedded cloud as a process of its own, so that it shares no thread with what is measured. */
const { url } = await startDemo();
process.send?.(url);
process.once('disconnect', () => process.exit());
