/** Share types as the OCS API numbers them (OCP\Share\IShare). */
export const storedShareTypes = { user: 0, group: 1, link: 3, mail: 4, remote: 6 } as const;

export interface StoredShare {
  id: number;
  type: number;
  owner: string;
  fileId: number;
  permissions: number;
  with: string | undefined;
  token: string | undefined;
  password: string | undefined;
  expires: string | undefined;
  note: string;
  label: string;
  hideDownload: boolean;
  attributes: string | undefined;
  at: number;
}
