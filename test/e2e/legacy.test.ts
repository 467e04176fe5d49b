import { cases } from './cases/table.ts';
import { suite } from './suite.ts';

suite('with the legacy client', { client: 'legacy' }, cases);
