// The two shaders of the marks. One point per vehicle; shape says the class, colour and drawing say the status.
// Positions arrive as world integers and are subtracted from the map's centre before they become floats: no jitter at zoom 18.

export const markVertexShader = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in ivec2 a_from;
layout(location = 1) in ivec2 a_to;
layout(location = 2) in uint a_start;
layout(location = 3) in uvec3 a_motion;
layout(location = 4) in uvec2 a_kind;
uniform ivec2 u_center;
uniform mat4 u_matrix;
uniform uint u_now;
uniform bool u_settled;
uniform float u_zoom;
uniform float u_bearing;
uniform float u_ratio;
uniform bool u_halo;
flat out uint v_status;
flat out uint v_class;
flat out float v_size;
flat out vec2 v_nose;
flat out float v_detail;

const float UNKNOWN = 65535.0;

float glide() {
  if (u_settled || a_motion.x == 0u) return 1.0;
  return clamp(float(u_now - a_start) / float(a_motion.x), 0.0, 1.0);
}

void main() {
  float part = glide();
  vec2 place = vec2(a_from - u_center) + vec2(a_to - a_from) * part;
  gl_Position = u_matrix * vec4(place, 0.0, 1.0);

  v_status = a_kind.x;
  v_class = a_kind.y;
  float near = clamp((u_zoom - 8.0) / 5.0, 0.0, 1.0);
  float far = clamp((u_zoom - 3.5) / 4.5, 0.0, 1.0);
  v_detail = step(8.0, u_zoom);
  vec4 small = mix(vec4(3.2, 2.8, 2.2, 2.0), vec4(5.0, 4.4, 3.4, 3.2), far);
  vec4 full = mix(vec4(17.0, 12.0, 7.5, 7.5), vec4(32.0, 20.0, 12.0, 12.0), near);
  vec4 sizes = mix(small, full, v_detail);
  v_size = sizes[int(a_kind.x)];
  if (u_halo) v_size = max(v_size, 14.0) + 18.0;
  gl_PointSize = (v_size + 2.0) * u_ratio;

  float before = float(a_motion.y);
  float after = float(a_motion.z);
  if (before == UNKNOWN) before = after;
  float turn = mod(after - before + 540.0, 360.0) - 180.0;
  float heading = radians(before + turn * smoothstep(0.0, 0.6, part) - u_bearing);
  v_nose = after == UNKNOWN ? vec2(0.0) : vec2(sin(heading), -cos(heading));
}
`

export const markFragmentShader = `#version 300 es
precision highp float;
flat in uint v_status;
flat in uint v_class;
flat in float v_size;
flat in vec2 v_nose;
flat in float v_detail;
uniform vec3 u_fill[4];
uniform vec3 u_outline;
uniform vec3 u_accent;
uniform float u_ratio;
uniform bool u_halo;
out vec4 fragColor;

// Signed distances in CSS pixels, y down, negative inside.
float bodyOf(vec2 p, float r) {
  if (v_class == 1u) {
    vec2 q = vec2(abs(p.x), p.y + 0.08 * r);
    float box = max(q.x - 0.88 * r, -q.y - 0.92 * r);
    float taper = dot(q - vec2(0.0, 1.22 * r), vec2(0.772, 0.636));
    return max(box, taper);
  }
  if (v_class == 2u) {
    vec2 q = abs(p) - vec2(0.86 * r - 1.0);
    return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - 1.0;
  }
  return length(p) - r;
}

float arrowOf(vec2 p, float r) {
  vec2 q = vec2(abs(dot(p, vec2(-v_nose.y, v_nose.x))), dot(p, v_nose));
  float sides = dot(q - vec2(0.0, r), vec2(0.906, 0.423));
  float notch = dot(q - vec2(0.0, -0.35 * r), vec2(-0.42, -0.907));
  return max(sides, notch);
}

float noseOf(vec2 p, float body, float tip) {
  vec2 q = vec2(abs(dot(p, vec2(-v_nose.y, v_nose.x))), dot(p, v_nose));
  float sides = dot(q - vec2(0.0, tip), vec2(0.8, 0.6));
  return max(sides, 0.55 * body - q.y);
}

float cover(float distance) {
  return clamp(0.5 - distance * u_ratio, 0.0, 1.0);
}

vec4 over(vec4 below, vec3 colour, float alpha) {
  return vec4(colour * alpha, alpha) + below * (1.0 - alpha);
}

void main() {
  vec2 p = (gl_PointCoord - 0.5) * (v_size + 2.0);
  float half_ = v_size * 0.5;
  vec3 colour = u_fill[int(v_status)];
  vec4 ink = vec4(0.0);

  if (u_halo) {
    float d = length(p);
    ink = over(ink, u_accent, 0.22 * cover(d - half_));
    ink = over(ink, u_accent, cover(abs(d - half_ + 1.5) - 1.25));
  } else if (v_detail == 0.0) {
    float alpha = v_status == 0u ? 1.0 : v_status == 1u ? 0.95 : v_status == 2u ? 0.62 : 0.5;
    ink = over(ink, colour, alpha * cover(length(p) - half_));
  } else if (v_status == 0u) {
    float r = half_ * 0.64;
    float body = bodyOf(p, r - 1.0);
    if (v_nose != vec2(0.0)) {
      float nose = noseOf(p, r, half_ - 1.0);
      ink = over(ink, u_outline, cover(nose - 1.3));
      ink = over(ink, u_outline, cover(body - 1.3));
      ink = over(ink, colour, cover(nose));
    }
    // Where there is room the pointer stands apart from the body, so that the shape of the class stays readable.
    if (v_size > 22.0 || v_nose == vec2(0.0)) ink = over(ink, u_outline, cover(body - 1.1));
    ink = over(ink, colour, cover(body));
    if (v_nose != vec2(0.0)) ink = over(ink, u_outline, cover(arrowOf(p, r * 0.68)));
    else ink = over(ink, u_outline, cover(length(p) - r * 0.3));
  } else if (v_status == 1u) {
    float r = half_ - 1.0;
    float ring = bodyOf(p, r - 0.6);
    ink = over(ink, u_outline, cover(ring - 0.9));
    ink = over(ink, colour, cover(ring));
    ink = over(ink, u_outline, cover(bodyOf(p, r - 2.2)));
    ink = over(ink, colour, cover(bodyOf(p, r - max(3.4, r * 0.45))));
  } else if (v_status == 2u) {
    float body = bodyOf(p, half_ - 1.1);
    ink = over(ink, u_outline, 0.9 * cover(body - 1.0));
    ink = over(ink, colour, cover(body));
  } else {
    float body = bodyOf(p, half_ - 0.8);
    ink = over(ink, colour, cover(body));
    ink = over(ink, u_outline, cover(body + 1.5));
  }
  if (ink.a < 0.004) discard;
  fragColor = ink;
}
`
