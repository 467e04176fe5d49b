/** The WebDAV methods that change something. They are loaded on the first change, because reading needs none of them. */
export const davMethods = (): Promise<typeof import('../../nextcloud/dav/dav-methods.ts')> =>
  import('../../nextcloud/dav/dav-methods.ts');
