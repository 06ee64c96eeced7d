// One loadable value a column, read one at a time: offsets or thresholds in block RAM.
//
// Index       2 * column + half; half 0 writes bits 31..0, half 1 the bits from 32 up.
//             Bits past Width are dropped, an index past the last column writes nothing.
// Contents    File = "" : undefined until loaded; else read at time 0, one hexadecimal value a
//             column.
// Latency     one cycle from read_i to value_o, which then holds. Load before reading, not while.
// Widths      ColBits = max(1, clog2(Cols)), derived: leave it alone.
// Limits      1 <= Width <= 64, 1 <= Cols <= 2^19.
module fpsa_load_memory #(
  parameter Cols    = 256,
  parameter Width   = 16,
  parameter File    = "",
  parameter ColBits = (Cols > 1) ? $clog2(Cols) : 1
) (
  // Load bus
  input  wire               clk_i,
  input  wire               we_i,
  input  wire [19:0]        index_i,
  input  wire [31:0]        data_i,
  // Read
  input  wire               read_i,
  input  wire [ColBits-1:0] column_i,
  output wire [Width-1:0]   value_o
);

  localparam        HALVES = (Width + 31) / 32;
  localparam [31:0] COLS   = Cols;

  (* no_rw_check *)
  reg [Width-1:0] values_q [0:Cols-1];
  reg [Width-1:0] value_q;

  // Narrow values leave bits of the load bus unread.
  wire               unused_load = &{1'b0, data_i};
  wire [ColBits-1:0] column = index_i[ColBits:1];
  wire               known  = {13'd0, index_i[19:1]} < COLS;

  assign value_o = value_q;

  generate
    if (File != "") begin : gen_preset
      initial $readmemh(File, values_q);
    end
  endgenerate

  genvar h;
  generate
    for (h = 0; h < HALVES; h = h + 1) begin : gen_half
      localparam LOW  = 32 * h;
      localparam BITS = (Width - LOW > 32) ? 32 : Width - LOW;

      always @(posedge clk_i) begin
        if (we_i && known && index_i[0] == h) values_q[column][LOW +: BITS] <= data_i[BITS-1:0];
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    if (read_i) value_q <= values_q[column_i];
  end

  generate
    if (Width < 1 || Width > 64 || Cols < 1 || Cols > 1 << 19) begin : gen_limits
      fpsa_load_memory_parameter_out_of_range u_limits ();
    end
  endgenerate

endmodule
