// Starts Swagger UI; a file of its own, because inline scripts are forbidden here.
window.ui = SwaggerUIBundle({
  url: "docs/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
