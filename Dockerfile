# The server as an image: the program, a Java runtime with the modules it uses, and of a system only the libraries that
# these need. DISTRIBUTION=build (the default) compiles inside; DISTRIBUTION=prebuilt takes server/target/ctx as bin/build
# has left it, and needs no network.
ARG DISTRIBUTION=build
ARG JDK=eclipse-temurin:25-jdk
ARG DEBIAN=debian:13-slim

FROM ${JDK} AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/m2 \
    mvn -B -ntp -Dmaven.repo.local=/m2 -pl server -am -Dunchecked -Dmaven.test.skip=true package

FROM scratch AS prebuilt
COPY server/target/ctx /source/server/target/ctx

FROM ${DISTRIBUTION} AS distribution

FROM ${JDK} AS java
RUN jlink --output /runtime --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-2 --add-modules \
    java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.zipfs
COPY --from=distribution /source/server/target/ctx /opt/ctx
COPY bin/Slim.java /tmp/Slim.java
# Natives of other systems; the start-up cache is made anew, for exactly this Java.
RUN rm -rf /opt/ctx/ctx.aot /opt/ctx/native /opt/ctx/lib/*.aot; \
    case $(uname -m) in aarch64) onnx=aarch64 sqlite=aarch64 ;; *) onnx=x64 sqlite=x86_64 ;; esac; \
    java /tmp/Slim.java ".*\.dSYM/.*|/ai/onnxruntime/native/(?!linux-$onnx/).*|/org/sqlite/native/(?!Linux/$sqlite/).*" \
    "/org/sqlite/native/Linux/$sqlite/.*" /opt/ctx/native \
    /opt/ctx/lib/onnxruntime-*.jar /opt/ctx/lib/sqlite-jdbc-*.jar /opt/ctx/lib/picocli-*.jar

FROM ${DEBIAN} AS system
COPY --from=java /runtime /runtime
COPY deploy/docker/collect deploy/docker/healthcheck /usr/local/bin/
RUN sh /usr/local/bin/collect /image /runtime

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Context Memory" \
    org.opencontainers.image.description="The memory that AI agents share." \
    org.opencontainers.image.source="https://github.com/ventok/context-memory" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
COPY --from=system /image/ /
COPY --from=java /runtime /opt/java
COPY --from=java /opt/ctx /opt/ctx
ENV JAVA_HOME=/opt/java \
    PATH=/opt/ctx:/opt/java/bin:/usr/bin:/bin \
    HOME=/data \
    LANG=C.UTF-8 \
    HOST=0.0.0.0 \
    CTX_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
# What the JVM learns in a short run, which also shows that the image has all it needs.
USER 0:0
RUN ["/bin/sh", "-c", "cd /opt/ctx && JAVA_OPTS='-XX:AOTCacheOutput=ctx.aot -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining' /opt/ctx/ctx train-aot-cache"]
USER 10001:10001
# /tmp, so that the image runs with --read-only and nothing else.
VOLUME ["/data", "/tmp"]
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["/usr/bin/healthcheck"]
ENTRYPOINT ["/opt/ctx/ctx"]
CMD ["serve"]
