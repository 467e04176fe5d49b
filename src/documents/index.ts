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
  type WalkGap,
  type WalkPlace,
  type WalkStep,
  type WalkText,
} from './kernel/document.ts';
export { DocumentPool, sharedBytes } from './pool/document-pool.ts';
export { DocumentError, type DocumentErrorCode } from './kernel/document-error.ts';
