# syntax=docker/dockerfile:1
FROM eclipse-temurin:25-jdk AS build
WORKDIR /source
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
RUN ./mvnw -B -ntp -DskipTests package \
    && java -Djarmode=tools -jar target/go-cache-server.jar extract --layers --destination target/layers

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="go-cache-server" \
      org.opencontainers.image.description="A team-shared Go build cache over HTTP" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /source/target/layers/dependencies/ ./
COPY --from=build /source/target/layers/spring-boot-loader/ ./
COPY --from=build /source/target/layers/snapshot-dependencies/ ./
COPY --from=build /source/target/layers/application/ ./
RUN mkdir /data && chown 65532:65532 /data
ENV CACHESERVER_DISK_PATH=/data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-jar", "go-cache-server.jar"]
