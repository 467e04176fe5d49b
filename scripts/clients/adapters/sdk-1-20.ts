import { Client } from 'sdk-1-20/client/index.js';
import { StdioClientTransport } from 'sdk-1-20/client/stdio.js';
import { StreamableHTTPClientTransport } from 'sdk-1-20/client/streamableHttp.js';
import { sdkConnect } from './sdk-1.ts';

export const connect = sdkConnect({ Client, StdioClientTransport, StreamableHTTPClientTransport });
