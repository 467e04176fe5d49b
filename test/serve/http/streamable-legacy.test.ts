import { cases } from '../../e2e/cases/table.ts';
import { suite } from '../../e2e/suite.ts';

suite('over Streamable HTTP with the older client', { client: 'legacy', transport: 'http' }, cases);
