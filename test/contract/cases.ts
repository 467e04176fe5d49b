import type { ContractCase } from './case.ts';
import { authCases } from './cases/auth.ts';
import { bulkCases } from './cases/bulk.ts';
import { changeCases } from './cases/change.ts';
import { chunkCases } from './cases/chunks.ts';
import { clientCases } from './cases/client.ts';
import { etagCases } from './cases/etag.ts';
import { getCases } from './cases/get.ts';
import { lockCases } from './cases/locks.ts';
import { nameCases } from './cases/names.ts';
import { ocsCases } from './cases/ocs.ts';
import { pagingCases } from './cases/paging.ts';
import { previewCases } from './cases/previews.ts';
import { propfindCases } from './cases/propfind.ts';
import { putCases } from './cases/put.ts';
import { searchCases } from './cases/search.ts';
import { shareCases } from './cases/shares.ts';
import { tagCases } from './cases/tags.ts';
import { transferCases } from './cases/transfer.ts';
import { propertyCases } from './cases/properties.ts';
import { searchErrorCases } from './cases/search-errors.ts';
import { clientSearchCases } from './cases/client-search.ts';
import { serviceCases } from './cases/service.ts';
import { trashCases } from './cases/trash.ts';
import { versionCases } from './cases/versions.ts';

/** The whole contract. */
export const contractCases: readonly ContractCase[] = [
  ...authCases,
  ...propfindCases,
  ...propertyCases,
  ...pagingCases,
  ...etagCases,
  ...getCases,
  ...putCases,
  ...nameCases,
  ...changeCases,
  ...transferCases,
  ...searchCases,
  ...searchErrorCases,
  ...tagCases,
  ...trashCases,
  ...versionCases,
  ...chunkCases,
  ...bulkCases,
  ...lockCases,
  ...shareCases,
  ...previewCases,
  ...ocsCases,
  ...clientCases,
  ...clientSearchCases,
  ...serviceCases,
];
