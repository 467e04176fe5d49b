/** What the cases count on: with the ways back that answers name. */
export const caseSettings = { NEXTCLOUD_TOOLSETS: 'files,trash,versions' };
