{{/* The pod of all three modes */}}
{{- define "cache.pod" -}}
metadata:
  labels:
    {{- include "cache.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: go-cache-server
    {{- if .Values.config }}
    checksum/config: {{ toYaml .Values.config | sha256sum }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "cache.serviceAccountName" . }}
  automountServiceAccountToken: {{ .Values.serviceAccount.automountToken }}
  terminationGracePeriodSeconds: {{ include "cache.gracePeriod" . }}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  containers:
    - name: go-cache-server
      image: {{ include "cache.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      {{- with .Values.java.options }}
      command:
        - /app/java/bin/java
        - "@/app/java.options"
        {{- range . }}
        - {{ . | quote }}
        {{- end }}
        - -jar
        - go-cache-server.jar
      {{- end }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      ports:
        - name: http
          containerPort: 8080
        - name: management
          containerPort: 8081
      env:
        {{- include "cache.environment" . | nindent 8 }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if gt (int .Values.shutdown.preStopSeconds) 0 }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ .Values.shutdown.preStopSeconds }}
      {{- end }}
      startupProbe:
        httpGet:
          path: /actuator/health/liveness
          port: management
        periodSeconds: 1
        failureThreshold: 120
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: management
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet:
          path: /actuator/health/readiness
          port: management
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 3
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /data
        - name: tmp
          mountPath: /tmp
        {{- if .Values.config }}
        - name: config
          mountPath: /etc/go-cache-server
          readOnly: true
        {{- end }}
        {{- if .Values.secretFiles.existingSecret }}
        - name: secret-files
          mountPath: /var/run/secrets/go-cache-server
          readOnly: true
        {{- end }}
        {{- if include "cache.tokenSecret" . }}
        - name: token
          mountPath: /var/run/secrets/go-cache-server-token
          readOnly: true
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    {{- if not (include "cache.persistent" .) }}
    - name: data
      emptyDir:
        sizeLimit: {{ .Values.disk.emptyDir.sizeLimit }}
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
    {{- if .Values.config }}
    - name: config
      configMap:
        name: {{ include "cache.fullname" . }}
    {{- end }}
    {{- with .Values.secretFiles.existingSecret }}
    - name: secret-files
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    {{- with include "cache.tokenSecret" . }}
    - name: token
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if and .Values.topologySpread (ne .Values.mode "daemonset") }}
  topologySpreadConstraints:
    {{- range .Values.topologySpread }}
    - maxSkew: {{ .maxSkew | default 1 }}
      topologyKey: {{ .topologyKey }}
      whenUnsatisfiable: {{ .whenUnsatisfiable | default "ScheduleAnyway" }}
      labelSelector:
        matchLabels:
          {{- include "cache.selectorLabels" $ | nindent 10 }}
    {{- end }}
  {{- end }}
{{- end }}

{{- define "cache.environment" -}}
- name: MANAGEMENT_SERVER_PORT
  value: "8081"
- name: CACHESERVER_SHUTDOWN_DELAY
  value: {{ printf "%ds" (int .Values.shutdown.delaySeconds) }}
- name: SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE
  value: {{ printf "%ds" (int .Values.shutdown.requestSeconds) }}
- name: CACHESERVER_S3_DRAINTIMEOUT
  value: {{ printf "%ds" (int .Values.shutdown.drainSeconds) }}
{{- with include "cache.diskMaxSize" . }}
- name: CACHESERVER_DISK_MAXSIZE
  value: {{ . | quote }}
{{- end }}
{{- if .Values.config }}
- name: SPRING_CONFIG_ADDITIONALLOCATION
  value: file:/etc/go-cache-server/
{{- end }}
{{- if include "cache.tokenSecret" . }}
{{- range $i, $token := list (dict "name" "clients" "key" "token" "access" "read-write") (dict "name" "page" "key" "observe" "access" "observe") }}
- name: CACHESERVER_AUTH_TOKENS_{{ $i }}_NAME
  value: {{ $token.name }}
- name: CACHESERVER_AUTH_TOKENS_{{ $i }}_SECRETFILE
  value: /var/run/secrets/go-cache-server-token/{{ $token.key }}
- name: CACHESERVER_AUTH_TOKENS_{{ $i }}_ACCESS
  value: {{ $token.access }}
{{- end }}
{{- end }}
{{- with .Values.logFormat }}
- name: LOGGING_STRUCTURED_FORMAT_CONSOLE
  value: {{ . | quote }}
{{- end }}
{{- with .Values.s3 }}
{{- with .bucket }}
- name: CACHESERVER_S3_BUCKET
  value: {{ . | quote }}
{{- end }}
{{- with .keyPrefix }}
- name: CACHESERVER_S3_KEYPREFIX
  value: {{ . | quote }}
{{- end }}
{{- with .region }}
- name: SPRING_CLOUD_AWS_REGION_STATIC
  value: {{ . | quote }}
{{- end }}
{{- with .endpoint }}
- name: SPRING_CLOUD_AWS_S3_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- if .pathStyle }}
- name: SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED
  value: "true"
{{- end }}
{{- if .existingSecret }}
- name: SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .accessKeyName }}
- name: SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .secretKeyName }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
