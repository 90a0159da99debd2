// The fixed fields of OpenAPI 3.0, 3.1 and of Swagger 2.0 that mean nothing to the router: known, and ignored.

const words = (text: string): readonly string[] => text.split(' ');

/** Fields of the document's root, beside `paths`. */
export const DOCUMENT_FIELDS = words(
  'openapi info jsonSchemaDialect servers webhooks components security tags externalDocs ' +
    'swagger host basePath schemes consumes produces definitions parameters responses securityDefinitions',
);

/** Fields of a path, beside its methods. */
export const PATH_FIELDS = words('$ref summary description servers parameters');

/** Fields of an operation, beside `operationId`. */
export const OPERATION_FIELDS = words(
  'tags summary description externalDocs parameters requestBody responses callbacks deprecated ' +
    'security servers consumes produces schemes',
);
