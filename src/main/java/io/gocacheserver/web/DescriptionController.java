package io.gocacheserver.web;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /openapi.yaml}: the HTTP contract as an OpenAPI description, binary messages included. */
@RestController
class DescriptionController {

    private static final Resource DESCRIPTION = new ClassPathResource("openapi.yaml");

    @GetMapping("/openapi.yaml")
    ResponseEntity<Resource> get() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(MediaType.APPLICATION_YAML)
                .body(DESCRIPTION);
    }
}
