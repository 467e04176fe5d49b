import { serveBulk } from './dav/files/bulk.ts';
import { serveComments } from './dav/apps/comments.ts';
import { DavEndpoint } from './dav/endpoint.ts';
import { serveSystemTags, serveTagRelations } from './dav/apps/system-tags.ts';
import { serveTrashbin } from './dav/apps/trashbin.ts';
import { serveUploads } from './dav/files/uploads.ts';
import { serveVersions } from './dav/apps/versions.ts';
import { createDirectLink, serveDirectLink } from './direct-link.ts';
import type { HttpExchange } from './http/http-exchange.ts';
import type { Authentication } from './http/authentication.ts';
import { EmbeddedRouter } from './http/router.ts';
import type { LoginFlowServer } from './login-flow.ts';
import { addAppPasswords } from './ocs/app-password.ts';
import { capabilities, statusOf } from './ocs/capabilities.ts';
import { OcsEndpoint } from './ocs/endpoint.ts';
import { addShares } from './ocs/shares.ts';
import { userData } from './ocs/user.ts';
import { servePreview } from './preview.ts';
import type { Instance } from './store/instance.ts';

/** Maps all addresses of the server to their endpoints. */
export function buildRouter(
  instance: Instance,
  authentication: Authentication,
  flow: LoginFlowServer,
): EmbeddedRouter {
  const router = new EmbeddedRouter();
  const dav = new DavEndpoint(authentication);
  const ocs = new OcsEndpoint(authentication);
  ocs.add('GET', /^\/cloud\/user$/, ({ exchange }) => userData(exchange.user, instance.major));
  ocs.add(
    'GET',
    /^\/cloud\/capabilities$/,
    ({ exchange }) => capabilities(instance, exchange.account !== undefined),
    true,
  );
  addAppPasswords(ocs, authentication);
  addShares(ocs);
  ocs.add('POST', /^\/apps\/dav\/api\/v1\/direct$/, createDirectLink);
  dav.add('trashbin', serveTrashbin);
  dav.add('versions', serveVersions);
  dav.add('uploads', serveUploads);
  dav.add('bulk', serveBulk);
  dav.add('systemtags', serveSystemTags);
  dav.add('systemtags-relations', serveTagRelations);
  dav.add('comments', serveComments);
  router.add('/remote.php/direct', serveDirectLink);
  router.add('/index.php/login/v2', (exchange) => flow.serve(exchange));
  router.add('/remote.php/dav', (exchange) => dav.serve(exchange, '/remote.php/dav'));
  router.add('/remote.php/webdav', (exchange) => dav.serve(exchange, '/remote.php/webdav'));
  router.add('/ocs/v1.php', (exchange) => ocs.serve(exchange));
  router.add('/ocs/v2.php', (exchange) => ocs.serve(exchange));
  router.add('/status.php', sendStatus);
  router.add('/index.php/core/preview', (exchange) => servePreview(exchange, authentication));
  router.add('/index.php/core/preview.png', (exchange) => servePreview(exchange, authentication));
  for (const name of ['caldav', 'carddav']) {
    router.add(`/.well-known/${name}`, (exchange) =>
      exchange.reply(301, '', {
        Location: `${instance.url}/remote.php/dav/`,
        'Content-Type': 'text/html; charset=iso-8859-1',
      }),
    );
  }
  return router;
}

/** `status.php` needs no authentication and answers 200 even in maintenance mode. */
function sendStatus(exchange: HttpExchange): void {
  exchange.reply(200, JSON.stringify(statusOf(exchange.instance)), {
    'Content-Type': 'application/json',
    'Access-Control-Allow-Origin': '*',
  });
}
