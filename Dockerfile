FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json LICENSE ./
COPY --from=build /app/dist ./dist
USER node
# Over HTTP: docker run -p 127.0.0.1:8787:8787 ... nextcloud-files-mcp serve --http 0.0.0.0:8787
EXPOSE 8787
# Over stdio (process 1 does not serve HTTP) there is no port to ask, and the assistant is the judge.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "const fs=require('node:fs');const c=fs.readFileSync('/proc/1/cmdline','latin1');if(!c.includes('--http')&&!process.env.MCP_HTTP)process.exit(0);fetch('http://127.0.0.1:8787/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
