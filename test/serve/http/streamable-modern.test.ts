import { cases } from '../../e2e/cases/table.ts';
import { suite } from '../../e2e/suite.ts';

suite('over Streamable HTTP with the current client', { client: 'modern', transport: 'http' }, cases);
