{{- define "ctx.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "ctx.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ctx.labels" -}}
{{ include "ctx.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "ctx.secret" -}}
{{- .Values.existingSecret | default (include "ctx.name" .) }}
{{- end }}

{{- /* A value that is given, else the one that the cluster has, else a new random one. */ -}}
{{- define "ctx.kept" -}}
{{- if .given }}{{ .given }}
{{- else }}
{{- $present := (lookup "v1" "Secret" .root.Release.Namespace (include "ctx.name" .root)) | default dict }}
{{- if hasKey ($present.data | default dict) .key }}{{ index $present.data .key | b64dec }}
{{- else }}{{ randAlphaNum 40 }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Exactly one way to say where the database is. */ -}}
{{- define "ctx.check" -}}
{{- $ways := 0 }}
{{- if .Values.existingSecret }}{{ $ways = add1 $ways }}{{ end }}
{{- if .Values.database.url }}{{ $ways = add1 $ways }}{{ end }}
{{- if .Values.postgresql.enabled }}{{ $ways = add1 $ways }}{{ end }}
{{- if ne (int $ways) 1 }}
{{- fail "Say where the database is, in exactly one way: existingSecret, database.url, or postgresql.enabled=true." }}
{{- end }}
{{- if ne (empty .Values.stripe.secretKey) (empty .Values.stripe.webhookSecret) }}
{{- fail "stripe.secretKey and stripe.webhookSecret are needed together." }}
{{- end }}
{{- end }}
