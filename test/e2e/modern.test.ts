import { cases } from './cases/table.ts';
import { suite } from './suite.ts';

suite('with the modern client', { client: 'modern' }, cases);
