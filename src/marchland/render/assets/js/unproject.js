// From the sheet back to longitude and latitude: Snyder, Map Projections (1987), pp. 16-18 and 101-102; for the
// world Equal Earth (Šavrič, Patterson, Jenny 2018). WGS 84.

const RADIANS = Math.PI / 180, AXIS = 6378137, E2 = 0.0066943799901413165, ECC = Math.sqrt(E2);

/** Snyder's q of a latitude (3-12), and the latitude of a q by his iteration (3-16). */
function qOf(lat) {
  const s = Math.sin(lat);
  return (1 - E2) * (s / (1 - E2 * s * s) - Math.log((1 - ECC * s) / (1 + ECC * s)) / (2 * ECC));
}

function latOfQ(q) {
  const pole = qOf(Math.PI / 2);
  if (Math.abs(q) >= pole) return Math.sign(q) * Math.PI / 2;
  let lat = Math.asin(q / 2);
  for (let i = 0; i < 12; i += 1) {
    const s = Math.sin(lat), w = 1 - E2 * s * s;
    lat += (w * w) / (2 * Math.cos(lat)) * (q / (1 - E2) - s / w + Math.log((1 - ECC * s) / (1 + ECC * s)) / (2 * ECC));
  }
  return lat;
}

/** The way back from metres for a projection's parameters: a function of x, y giving degrees. */
function inverse(parameters) {
  return { aea: inverseAlbers, eqearth: inverseEqualEarth }[parameters.name](parameters);
}

function inverseAlbers({ lat_1, lat_2, lat_0, lon_0 }) {
  const scaleOf = (lat) => Math.cos(lat) / Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
  const [m1, m2] = [lat_1, lat_2].map((lat) => scaleOf(lat * RADIANS));
  const [q0, q1, q2] = [lat_0, lat_1, lat_2].map((lat) => qOf(lat * RADIANS));
  const n = lat_1 === lat_2 ? Math.sin(lat_1 * RADIANS) : (m1 * m1 - m2 * m2) / (q2 - q1), c = m1 * m1 + n * q1;
  const rho0 = (AXIS * Math.sqrt(c - n * q0)) / n;
  return (x, y) => {
    const sign = Math.sign(n), rho = Math.hypot(x, rho0 - y), theta = Math.atan2(sign * x, sign * (rho0 - y));
    return [lon_0 + theta / n / RADIANS, latOfQ((c - (rho * n / AXIS) ** 2) / n) / RADIANS];
  };
}

function inverseEqualEarth({ lon_0 }) {
  const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796], M = Math.sqrt(3) / 2;
  const pole = qOf(Math.PI / 2), radius = AXIS * Math.sqrt(pole / 2);
  return (x, y) => {
    let t = y / radius;
    for (let i = 0; i < 12; i += 1) {
      const t2 = t * t, t6 = t2 ** 3;
      t -= (t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)) - y / radius) / (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2));
    }
    const t2 = t * t, t6 = t2 ** 3;
    const lon = (M * x * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2))) / (radius * Math.cos(t));
    return [lon_0 + lon / RADIANS, latOfQ(pole * Math.sin(t) / M) / RADIANS];
  };
}
