export { detect, type Detected } from './detect.ts';
export {
  defaultLimits,
  type Document,
  type Family,
  type Hint,
  type Limits,
  type Part,
  type Range,
  type Sheet,
  type Summary,
  type Unit,
} from './document.ts';
export { Extractors, sharedBytes } from './extractors.ts';
export { ExtractError, type FailureCode } from './failure.ts';
