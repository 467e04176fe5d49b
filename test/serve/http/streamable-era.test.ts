import { cases } from '../../e2e/cases/table.ts';
import { suite } from '../../e2e/suite.ts';

suite(
  'over Streamable HTTP with the current client at an older revision',
  { client: 'modern', era: 'legacy', transport: 'http' },
  cases,
);
