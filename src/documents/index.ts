export { detect, type Detected } from './kernel/detect.ts';
export {
  defaultDocumentLimits,
  type Document,
  type Family,
  type Hint,
  type DocumentLimits,
  type Part,
  type UnitRange,
  type Sheet,
  type DocumentSummary,
  type Unit,
} from './kernel/document.ts';
export { Extractors, sharedBytes } from './pool/extractors.ts';
export { ExtractError, type FailureCode } from './kernel/failure.ts';
