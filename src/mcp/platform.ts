/**
 * What the MCP SDK takes from its platform, put in place of its own choice by the build. Its usual validator of
 * JSON schemas is a compiler that every start pays for with a megabyte of memory; this one is its other one.
 */
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
export { default as process } from 'node:process';
