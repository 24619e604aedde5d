# Other bases can be named by these: BUILD_BASE with a JDK 25, a shell and tar; BASE with glibc
ARG BUILD_BASE=jdk
ARG BASE=glibc

# By digest, so that a build gets what was tried. Dependabot proposes newer ones; it reads FROM, and not ARG
FROM eclipse-temurin:25-jdk@sha256:dcf835e52330939b6c9f90ecab8aafcbcaa8fbf48423db44de884cf978c10144 AS jdk
# It has no shell, and nothing needs one
FROM gcr.io/distroless/base-nossl-debian13:nonroot@sha256:5cab74e7f8a5e7c5f1c8a9e6268b1f352f053c36c656f493308340bcecbc636c AS glibc

FROM ${BUILD_BASE} AS build
WORKDIR /source
COPY .mvn .mvn
COPY mvnw pom.xml LICENSE ./
# With the adapter's runtimes for other platforms, if .ci/runtimes has fetched them
COPY src src
# With times of whole seconds: layers of images have no others, and the AOT cache knows its jars by their times
RUN ./mvnw -B -ntp -Dmaven.test.skip package \
    && java -Djarmode=tools -jar target/go-cache-server.jar extract --layers --destination target/layers \
    && find target/layers -type f -exec touch --date=2026-11-01T00:00:00Z {} +

# A runtime of what the service and its libraries use, and jcmd to look into it. It has to be where no base has anything yet
RUN jlink --output /app/java --no-header-files --no-man-pages --add-modules \
        java.base,java.compiler,java.desktop,java.instrument,java.management,java.naming,java.net.http,java.prefs,java.scripting,java.security.jgss,java.sql,java.sql.rowset,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported

# Native libraries lie ready, since at run time there may be no directory to unpack them to and execute them from
WORKDIR /native
RUN case "$(uname -m)" in x86_64) zstd=linux/amd64 ;; *) zstd=linux/aarch64 ;; esac \
    && jar --extract --file /source/target/layers/dependencies/lib/sqlite-jdbc-*.jar "org/sqlite/native/Linux/$(uname -m)" \
    && jar --extract --file /source/target/layers/dependencies/lib/zstd-jni-*.jar "$zstd" \
    && mkdir -p /app/native /image/data \
    && mv org/sqlite/native/Linux/*/libsqlitejdbc.so /app/native/ \
    && mv "$zstd"/libzstd-jni-*.so /app/native/libzstd-jni.so

# The AOT cache: by it the service starts in a third of the time. It knows its jars by their paths, times and sizes, so
# they have to reach the image as they are here
WORKDIR /app
RUN cp -a /source/target/layers/dependencies/. /source/target/layers/application/. /source/src/main/image/java.options ./ \
    && java /source/src/build/TrainService.java /app/java/bin/java /app java.options

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="go-cache-server" \
      org.opencontainers.image.description="A team-shared Go build cache over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /app/java /app/java
COPY --from=build /source/target/layers/dependencies/ /app/
COPY --from=build /app/native/ /app/native/
COPY --from=build /source/target/layers/application/ /app/
COPY --from=build /app/java.options /app/go-cache-server.aot /app/
COPY --from=build --chown=65532:65532 /image/data /data
# glibc's arenas of freed memory: more of them cost more than they bring
ENV CACHESERVER_DISK_PATH=/data MALLOC_ARENA_MAX=2
WORKDIR /app
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/app/java/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "go-cache-server.jar", "io.gocacheserver.probe.Main", "health"]
ENTRYPOINT ["/app/java/bin/java", "@/app/java.options", "-jar", "go-cache-server.jar"]
