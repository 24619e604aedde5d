{{- define "cache.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, with the chart's if that is not in it; short enough for the suffixes that follow */}}
{{- define "cache.fullname" -}}
{{- $name := include "cache.name" . }}
{{- $full := default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) .Values.fullnameOverride }}
{{- $full | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "cache.selectorLabels" -}}
app.kubernetes.io/name: {{ include "cache.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cache.labels" -}}
{{ include "cache.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "cache.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "cache.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "cache.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{/* Whether the disk tier survives its pod: only where volume claims are made */}}
{{- define "cache.persistent" -}}
{{- if and (eq .Values.mode "statefulset") .Values.disk.persistence.enabled }}true{{ end }}
{{- end }}

{{/*
A Kubernetes quantity in MiB, as a whole number. It has a binary suffix (Ki to Ti), a decimal one (k to T) or none (bytes).
*/}}
{{- define "cache.mebibytes" -}}
{{- $number := regexFind "^[0-9.]+" . | float64 }}
{{- $suffix := regexFind "[A-Za-z]*$" . }}
{{- $bytes := dict "" 1 "k" 1000 "Ki" 1024 "M" 1000000 "Mi" 1048576 "G" 1000000000 "Gi" 1073741824 "T" 1000000000000 "Ti" 1099511627776 }}
{{- if not (hasKey $bytes $suffix) }}
{{- fail (printf "a size of %q: expected a number with Ki, Mi, Gi, Ti, k, M, G or T" .) }}
{{- end }}
{{- divf (mulf $number (get $bytes $suffix)) 1048576 | floor | int64 }}
{{- end }}

{{/*
What the disk tier may take. In an emptyDir the service cannot see its limit, only the node's disk, and what exceeds the
limit gets the pod evicted: so four fifths of it. On a volume of its own the service finds out by itself.
*/}}
{{- define "cache.diskMaxSize" -}}
{{- if .Values.disk.maxSize }}
{{- .Values.disk.maxSize }}
{{- else if not (include "cache.persistent" .) }}
{{- printf "%dMiB" (divf (mulf (include "cache.mebibytes" .Values.disk.emptyDir.sizeLimit | float64) 8) 10 | floor | int64) }}
{{- end }}
{{- end }}

{{/* From SIGTERM to SIGKILL: everything that the service may take to end, and a margin */}}
{{- define "cache.gracePeriod" -}}
{{- with .Values.shutdown }}
{{- add .preStopSeconds .delaySeconds .requestSeconds .drainSeconds 5 }}
{{- end }}
{{- end }}

{{/* Where clients reach the service */}}
{{- define "cache.url" -}}
{{- if .Values.publicUrl }}
{{- .Values.publicUrl | trimSuffix "/" }}
{{- else if .Values.ingress.enabled }}
{{- printf "%s://%s" (ternary "https" "http" (not (empty .Values.ingress.tls))) (first .Values.ingress.hosts) }}
{{- else if and .Values.httpRoute.enabled .Values.httpRoute.hostnames }}
{{- printf "https://%s" (first .Values.httpRoute.hostnames) }}
{{- else }}
{{- include "cache.internalUrl" . }}
{{- end }}
{{- end }}

{{- define "cache.internalUrl" -}}
{{- $port := int .Values.service.port }}
{{- printf "http://%s.%s%s" (include "cache.fullname" .) .Release.Namespace (ternary "" (printf ":%d" $port) (eq $port 80)) }}
{{- end }}

{{/* Kubernetes 1.34 calls PreferClose PreferSameZone, and warns of the old name, which older versions alone know */}}
{{- define "cache.trafficDistribution" -}}
{{- $zone := ternary "PreferSameZone" "PreferClose" (semverCompare ">=1.34.0-0" .Capabilities.KubeVersion.Version) }}
{{- get (dict "PreferClose" $zone "PreferSameZone" $zone "PreferSameNode" "PreferSameNode") .Values.service.trafficDistribution }}
{{- end }}

{{/* nginx keeps bodies of 1 MB at most, on its disk first, unless told otherwise; ten minutes are the longest that an answer takes */}}
{{- define "cache.ingressAnnotations" -}}
{{- $nginx := dict
  "nginx.ingress.kubernetes.io/proxy-body-size" "0"
  "nginx.ingress.kubernetes.io/proxy-request-buffering" "off"
  "nginx.ingress.kubernetes.io/proxy-buffering" "off"
  "nginx.ingress.kubernetes.io/proxy-read-timeout" "600"
  "nginx.ingress.kubernetes.io/proxy-send-timeout" "600"
  "nginx.org/client-max-body-size" "0"
  "nginx.org/proxy-buffering" "false"
  "nginx.org/proxy-read-timeout" "600s"
  "nginx.org/proxy-send-timeout" "600s" }}
{{- merge (dict) .Values.ingress.annotations (ternary $nginx dict .Values.ingress.nginx) | toYaml }}
{{- end }}

{{/* The Secret with the clients' tokens; empty where the service is open, or its configuration says who may do what */}}
{{- define "cache.tokenSecret" -}}
{{- if not (or .Values.auth.open (include "cache.configuredAuth" .)) }}
{{- default (printf "%s-token" (include "cache.fullname" .)) .Values.auth.existingSecret }}
{{- end }}
{{- end }}

{{- define "cache.configuredAuth" -}}
{{- regexFind "(?m)^cache-server\\.auth\\.(tokens|issuers)\\b" (include "cache.settingNames" (dict "at" "" "value" .Values.config)) }}
{{- end }}

{{/* The names of all settings in .value, one a line, with [] for an index and * for the name of an issuer */}}
{{- define "cache.settingNames" -}}
{{- $at := .at }}
{{- if kindIs "map" .value }}
{{- range $name, $value := .value }}
{{- include "cache.settingNames" (dict "at" (printf "%s.%s" $at $name | trimPrefix ".") "value" $value) }}
{{- end }}
{{- else if kindIs "slice" .value }}
{{- range .value }}
{{- include "cache.settingNames" (dict "at" (ternary (printf "%s[]" $at) $at (kindIs "map" .)) "value" .) }}
{{- end }}
{{- else if not (kindIs "invalid" .value) }}
{{- $at = regexReplaceAll "\\[[0-9]+\\]" $at "[]" }}
{{- regexReplaceAll "^(cache-server\\.auth\\.issuers)\\.[^.]+" $at "${1}.*" }}
{{ end }}
{{- end }}
