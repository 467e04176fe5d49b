import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { sdkConnect } from './sdk-1.ts';

export const connect = sdkConnect({ Client, StdioClientTransport, StreamableHTTPClientTransport });
