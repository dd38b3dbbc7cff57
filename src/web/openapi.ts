import * as z from 'zod';
import { FAILURE } from '../control/replies.js';
import type { WebRoute } from './web-route.js';

/** The description of the routes, made from the schemas that check what they take. */
export function describeRoutes(
  routes: readonly WebRoute[],
  { version, cookieName }: { readonly version: string; readonly cookieName: string },
): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { path, method } = route;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'monitor_service',
      version,
      description:
        'The requests of the page. A request that changes something needs a session, its token as X-CSRF-Token, and the Origin.',
    },
    paths,
    components: {
      schemas: { Failure: toJsonSchema(FAILURE, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: cookieName } },
    },
  };
}

function describeRoute({
  method,
  access,
  summary,
  input,
  reply,
  contentType = 'application/json',
}: WebRoute) {
  const schema = reply === undefined ? {} : toJsonSchema(reply, 'output');
  return {
    summary,
    ...(access === 'user' && { security: [{ session: [] }] }),
    ...(input && method === 'GET' && { parameters: describeQuery(input) }),
    ...(input &&
      method === 'POST' && {
        requestBody: { content: { 'application/json': { schema: toJsonSchema(input, 'input') } } },
      }),
    responses: {
      200: { description: 'done', content: { [contentType]: { schema } } },
      default: {
        description: 'not done',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    },
  };
}

function describeQuery(input: z.ZodType): object[] {
  if (!(input instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.ZodType>> = input.shape;
  return Object.entries(shape).map(([name, schema]) => ({
    ...{ name, in: 'query', required: !schema.safeParse(undefined).success && !isOptional(schema) },
    schema: toJsonSchema(schema, 'output'),
  }));
}

/** `exactOptional` does not take undefined, but the key may be absent. */
function isOptional(schema: z.ZodType): boolean {
  return z.object({ key: schema }).safeParse({}).success;
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return described;
}
