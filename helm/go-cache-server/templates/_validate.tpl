{{/* Values that make no sense, or none together: each fails with a sentence that says what to do */}}
{{- define "cache.validate" -}}
{{- if not .Values.image.repository }}
{{- $image := printf "REGISTRY/go-cache-server:%s" (default .Chart.AppVersion .Values.image.tag) }}
{{- fail (printf "image.repository must be set: make the image (docker build --tag %s . && docker push %s), then add --set image.repository=REGISTRY/go-cache-server" $image $image) }}
{{- end }}
{{- include "cache.validateReplicas" . }}
{{- include "cache.validateS3" . }}
{{- include "cache.validateConfig" . }}
{{- include "cache.validateMemory" . }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.enabled needs ingress.hosts" }}
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
{{- fail "httpRoute.enabled needs httpRoute.parentRefs" }}
{{- end }}
{{- if and (eq .Values.service.trafficDistribution "PreferSameNode") (semverCompare "<1.34.0-0" .Capabilities.KubeVersion.Version) }}
{{- fail "service.trafficDistribution: PreferSameNode needs Kubernetes 1.34" }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) .Values.serviceAccount.annotations }}
{{- fail "serviceAccount.annotations need serviceAccount.create" }}
{{- end }}
{{- end }}

{{- define "cache.validateReplicas" -}}
{{- if eq .Values.mode "daemonset" }}
{{- if .Values.autoscaling.enabled }}
{{- fail "autoscaling.enabled: a DaemonSet has one replica on each node" }}
{{- end }}
{{- if ne (int .Values.replicas) 1 }}
{{- fail (printf "replicas is %d: a DaemonSet has one replica on each node; leave replicas out, or choose another mode" (int .Values.replicas)) }}
{{- end }}
{{- else if and (or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled) (not .Values.s3.bucket) }}
{{- fail "more than one replica needs s3.bucket: replicas share nothing else" }}
{{- end }}
{{- end }}

{{- define "cache.validateS3" -}}
{{- $s3 := .Values.s3 }}
{{- if not $s3.bucket }}
{{- range list "existingSecret" "endpoint" "region" "keyPrefix" "pathStyle" }}
{{- if get $s3 . }}
{{- fail (printf "s3.%s does nothing without s3.bucket: name the bucket, or leave s3.%s out" . .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The names that there are are in files/settings.txt, which a test compares with the service's own */}}
{{- define "cache.validateConfig" -}}
{{- $known := .Files.Lines "files/settings.txt" }}
{{- $values := dict
  "cache-server.auth.enabled" "auth.open"
  "cache-server.disk.max-size" "disk.maxSize"
  "cache-server.s3.bucket" "s3.bucket"
  "cache-server.s3.drain-timeout" "shutdown.drainSeconds"
  "cache-server.s3.key-prefix" "s3.keyPrefix"
  "cache-server.shutdown.delay" "shutdown.delaySeconds" }}
{{- range include "cache.settingNames" (dict "at" "" "value" .Values.config) | splitList "\n" }}
{{- if eq . "cache-server.disk.path" }}
{{- fail "config: cache-server.disk.path is always /data, where the chart mounts the volume: leave it out" }}
{{- else if hasKey $values . }}
{{- fail (printf "config: instead of %s set the chart's value %s" . (get $values .)) }}
{{- else if and (regexMatch "(?i)^cache[-_]?server\\b" .) (not (has . $known)) }}
{{- fail (printf "config: there is no setting %s; docs/settings.md has all of them" .) }}
{{- end }}
{{- end }}
{{- if include "cache.configuredAuth" . }}
{{- if .Values.auth.open }}
{{- fail "auth.open, and config has tokens or issuers below cache-server.auth: leave out one of them" }}
{{- else if .Values.auth.existingSecret }}
{{- fail "auth.existingSecret, and config has tokens or issuers below cache-server.auth: leave out one of them" }}
{{- end }}
{{- else if and .Values.auth.open .Values.auth.existingSecret }}
{{- fail "auth.open, and auth.existingSecret: leave out one of them" }}
{{- end }}
{{- end }}

{{- define "cache.validateMemory" -}}
{{- $limit := dig "limits" "memory" "" (.Values.resources | default dict) }}
{{- if kindIs "float64" $limit }}
{{- $limit = int64 $limit | toString }}
{{- end }}
{{- if and $limit (lt (include "cache.mebibytes" $limit | int) 384) }}
{{- fail (printf "resources.limits.memory is %s: the service needs at least 384Mi, half of it for the heap" $limit) }}
{{- end }}
{{- end }}
